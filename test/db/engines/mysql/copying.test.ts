import { describe, expect, it } from 'vitest';

import { withoutForeignKeys } from '../../../../src/db/engines/mysql/copying.ts';

describe('withoutForeignKeys', () => {
  it('takes foreign keys out wherever they stand, and keeps keys and checks', () => {
    const create = [
      'CREATE TABLE `image_properties` (',
      '  `id` int(11) NOT NULL AUTO_INCREMENT,',
      "  `name` varchar(255) NOT NULL COMMENT 'CONSTRAINT `x` FOREIGN KEY',",
      '  PRIMARY KEY (`id`),',
      '  KEY `ix` (`image_id`),',
      '  CONSTRAINT `a``b` FOREIGN KEY (`image_id`) REFERENCES `images` (`id`),',
      '  CONSTRAINT `checked` CHECK (`deleted` in (0,1)),',
      '  CONSTRAINT `last` FOREIGN KEY (`x`) REFERENCES `y` (`id`) ON DELETE CASCADE',
      ') ENGINE=InnoDB AUTO_INCREMENT=92371 DEFAULT CHARSET=utf8mb3',
    ].join('\n');
    expect(withoutForeignKeys(create)).toBe(
      [
        'CREATE TABLE `image_properties` (',
        '  `id` int(11) NOT NULL AUTO_INCREMENT,',
        "  `name` varchar(255) NOT NULL COMMENT 'CONSTRAINT `x` FOREIGN KEY',",
        '  PRIMARY KEY (`id`),',
        '  KEY `ix` (`image_id`),',
        '  CONSTRAINT `checked` CHECK (`deleted` in (0,1))',
        ') ENGINE=InnoDB DEFAULT CHARSET=utf8mb3',
      ].join('\n'),
    );
  });

  it('leaves a table without foreign keys as it is', () => {
    const create = 'CREATE TABLE `t` (\n  `id` int(11) NOT NULL,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB';
    expect(withoutForeignKeys(create)).toBe(create);
  });
});
