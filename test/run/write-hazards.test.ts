import { describe, expect, it } from 'vitest';

import { OCATA_TRIGGERS } from '../../scripts/fixtures/eras/ocata-triggers.ts';
import { mayWrite } from '../../src/run/write-hazards.ts';

describe('whether the body of a trigger may write', () => {
  it.each([
    ['SET NEW.updated_at = NOW()'],
    ['BEGIN SET @a = 1, NEW.updated_at = NOW(); END'],
    ['BEGIN IF NEW.size > 1 THEN SET new . name = "x"; END IF; END'],
    ['BEGIN NEW.updated_at := now(); RETURN NEW; END'],
    ['BEGIN NEW.updated_at = now(); RETURN NEW; END'],
    ['DECLARE n int; BEGIN SELECT now() INTO NEW.updated_at; RETURN NEW; END'],
    ['begin insert into audit values (new.id); return new; end'],
    ["BEGIN PERFORM pg_notify('images', NEW.id); RETURN NEW; END"],
    ['BEGIN CALL log_it(NEW.id); END'],
    ['/* quiet */ DELETE FROM cache WHERE id = NEW.id'],
    ['UPDATE images SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id; END'],
    [null],
  ])('%s: it may', (body) => {
    expect(mayWrite('touch', body)).toBe(true);
  });

  it.each([
    ["BEGIN IF NEW.owner = OLD.owner THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'; END IF; END"],
    ["BEGIN IF NEW.name = '' THEN RAISE EXCEPTION 'delete from x; insert'; END IF; RETURN NEW; END"],
    ['BEGIN -- delete from cache\n RETURN NEW; END'],
    ["SELECT RAISE(ABORT, 'no') WHERE NEW.name IS NULL; END"],
  ])('%s: it does not', (body) => {
    expect(mayWrite('check_it', body)).toBe(false);
  });

  it('knows the one of the Ocata upgrade, and no other of its name', () => {
    const body = (OCATA_TRIGGERS[1] ?? '').replace(/^.*?FOR EACH ROW/su, '');
    expect(mayWrite('update_visibility', body)).toBe(false);
    expect(mayWrite('something_else', body)).toBe(true);
    expect(mayWrite('update_visibility', 'BEGIN SET NEW.visibility = 1; SET NEW.updated_at = NOW(); END')).toBe(true);
    expect(mayWrite('update_visibility', 'SET NEW.visibility = 1, NEW.updated_at = NOW()')).toBe(true);
  });
});
