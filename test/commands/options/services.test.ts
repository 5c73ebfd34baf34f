import { describe, expect, it } from 'vitest';
import yargs from 'yargs';

import { servicesOptions, servicesTail } from '../../../src/commands/options/services.ts';

const parsed = async (...words: readonly string[]) => servicesOptions(yargs()).parseAsync([...words]);

describe('the options about services', () => {
  it('take a release or two, a backend and a file, and are left out unless they are typed', async () => {
    expect(await parsed('--openstack', '1.1..1.2', '--nova-backend', 'flat', '--services', 'a.yaml')).toMatchObject({
      openstack: '1.1..1.2',
      novaBackend: 'flat',
      services: 'a.yaml',
    });
    const none = await parsed();
    expect([none['openstack'], none['novaBackend'], none['services']]).toEqual([undefined, undefined, undefined]);
  });

  it('keep a release a text, although it looks like a number', async () => {
    expect((await parsed('--openstack', '2024.10'))['openstack']).toBe('2024.10');
  });
});

it('suggested commands repeat what was given', () => {
  expect(servicesTail({})).toBe('');
  expect(servicesTail({ openstack: 'a..b', novaBackend: 'flat', services: 'my table.yaml' })).toBe(
    " --openstack a..b --nova-backend flat --services 'my table.yaml'",
  );
});
