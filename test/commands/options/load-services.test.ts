import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { loadPredictor } from '../../../src/commands/options/load-services.ts';
import { RetypeError } from '../../../src/model/error.ts';
import { loadServices } from '../../../src/services/table/load.ts';
import { shippedServices } from '../../../src/services/table/service-files.ts';
import { refusal } from '../support/refusal.ts';

const shipped = loadServices(shippedServices());
const releases = shipped.releases.map(({ name }) => name);
const [oldest = '', second = ''] = releases;
const newest = releases.at(-1) ?? '';
const backends = shipped.backends.map(({ name }) => name);

describe('which services are predicted', () => {
  it('those of the newest release with the first backend, where nothing is said', () => {
    const { settings, titles, predict } = loadPredictor({});
    expect(settings).toEqual({ release: newest, before: null, novaBackend: 'qcow2' });
    expect(titles).toMatchObject({ nova: expect.stringMatching(/^Nova/u) as string });
    const row = { diskFormat: 'no-such-word', containerFormat: 'bare', use: 'root', payload: 'bytes' } as const;
    expect(predict(row, null)[0]).toMatchObject({ service: 'nova', verdict: { kind: 'refused' }, before: null });
  });

  it('those that options name, one release or two', () => {
    const given = { openstack: oldest, novaBackend: 'flat' };
    expect(loadPredictor(given).settings).toEqual({ release: oldest, before: null, novaBackend: 'flat' });
    const two = loadPredictor({ openstack: `${oldest}..${second}` });
    expect(two.settings).toEqual({ release: second, before: oldest, novaBackend: 'qcow2' });
    const row = { diskFormat: 'no-such-word', containerFormat: 'bare', use: 'root', payload: 'bytes' } as const;
    expect(two.predict(row, null)[0]?.before).toMatchObject({ kind: 'refused' });
  });

  it('not those of a release that the table does not know: the known ones are listed', () => {
    const [place, expected, found] = refusal(() => loadPredictor({ openstack: '1999.1' }));
    expect([place, found]).toEqual(['--openstack', '1999.1']);
    for (const release of releases) expect(expected).toContain(release);
    expect(() => loadPredictor({ openstack: `${second}..${oldest}` })).toThrow(`write ${oldest}..${second}`);
  });

  it('not with a backend that the table does not know: the known ones are listed, and the likely one is named', () => {
    const wanted = ['--nova-backend', `one of ${backends.join(', ')}`];
    expect(refusal(() => loadPredictor({ novaBackend: 'qcow' }))).toEqual([...wanted, 'qcow']);
    expect(() => loadPredictor({ novaBackend: 'qcow' })).toThrow('perhaps qcow2');
    expect(() => loadPredictor({ novaBackend: 'zzzzzzzz' })).toThrow('name a backend of the table');
  });

  it('those of a table of your own, in place of the shipped one', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-services-')), 'own.yaml');
    writeFileSync(file, shippedServices().text.replaceAll(newest, '2099.1'));
    expect(loadPredictor({ services: file }).settings.release).toBe('2099.1');
    expect(refusal(() => loadPredictor({ services: file, openstack: newest }))[1]).toContain('2099.1');
    expect(() => loadPredictor({ services: `${file}.none` })).toThrow(RetypeError);
    expect(() => loadPredictor({ services: `${file}.none` })).toThrow(/SERVICES_FILE[^]*own\.yaml\.none/u);
  });
});
