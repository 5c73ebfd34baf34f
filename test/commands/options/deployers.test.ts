import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

import { findDatabase } from '../../../src/commands/options/database.ts';

/** Files as each way of deploying writes them, at their places; values replaced. */
const DEPLOYED: readonly {
  readonly by: string;
  readonly files: Readonly<Record<string, string>>;
  /** The file and line that set the address. */
  readonly place: string;
  readonly host: string;
  /** What is verified of the server, and the authority's file as it is named here; null: no TLS. */
  readonly tls: readonly [verify: string, authority: string | null] | null;
}[] = [
  {
    by: 'Debian',
    files: {
      '/etc/glance/glance-api.conf':
        '[DEFAULT]\n#debug = false\n[database]\n#connection = <None>\nconnection = mysql+pymysql://glance:secret@localhost:3306/glance?charset=utf8\n',
      '/etc/glance/glance-manage.conf': '[database]\nconnection = sqlite:////var/lib/glance/glance.sqlite\n',
    },
    place: '/etc/glance/glance-api.conf:5',
    host: 'localhost',
    tls: null,
  },
  {
    by: 'Kolla-Ansible',
    files: {
      '/etc/kolla/glance-api/glance-api.conf':
        '[DEFAULT]\ndebug = False\nenabled_backends = file:file\n\n[database]\nconnection = mysql+pymysql://glance:secret@10.10.10.254/glance\nconnection_recycle_time = 10\nmax_retries = -1\n\n[glance_store]\ndefault_backend = "file"\n\n[file]\nfilesystem_store_datadir = /var/lib/glance/images/\n',
      '/etc/kolla/glance-api/glance-image-import.conf': '[image_import_opts]\nimage_import_plugins = []\n',
    },
    place: '/etc/kolla/glance-api/glance-api.conf:6',
    host: '10.10.10.254',
    tls: null,
  },
  {
    by: 'OpenStack-Ansible in LXC',
    files: {
      '/var/lib/lxc/infra1_glance_container-1f2e3d4c/rootfs/etc/glance/glance-api.conf':
        '[database]\nconnection = mysql+pymysql://glance:secret@172.29.236.101:3306/glance?charset=utf8&ssl_verify_cert=true&ssl_ca=/etc/ssl/certs/galera-ca.pem\nmax_overflow = 50\n',
      '/var/lib/lxc/infra1_glance_container-1f2e3d4c/rootfs/etc/ssl/certs/galera-ca.pem': 'PEM',
      '/var/lib/lxc/infra1_galera_container-5a6b7c8d/rootfs/etc/my.cnf': '',
    },
    place: '/var/lib/lxc/infra1_glance_container-1f2e3d4c/rootfs/etc/glance/glance-api.conf:2',
    host: '172.29.236.101',
    tls: ['ca', '/var/lib/lxc/infra1_glance_container-1f2e3d4c/rootfs/etc/ssl/certs/galera-ca.pem'],
  },
  {
    by: 'TripleO',
    files: {
      '/var/lib/config-data/puppet-generated/glance_api/etc/glance/glance-api.conf':
        '[database]\nconnection=mysql+pymysql://glance:secret@172.17.0.10/glance?read_default_group=tripleo&read_default_file=/etc/my.cnf.d/tripleo.cnf\n',
      '/var/lib/config-data/puppet-generated/glance_api/etc/my.cnf.d/tripleo.cnf':
        '[tripleo]\nssl=1\nbind-address=172.17.0.21\nssl-ca=/etc/ipa/ca.crt\n',
    },
    place: '/var/lib/config-data/puppet-generated/glance_api/etc/glance/glance-api.conf:2',
    host: '172.17.0.10',
    tls: ['identity', '/etc/ipa/ca.crt'],
  },
  {
    by: 'RHOSO',
    files: {
      '/etc/glance/glance.conf.d/00-config.conf':
        '[DEFAULT]\nenabled_backends=default_backend:rbd\n[database]\nconnection=mysql+pymysql://glance_4b1f:secret@openstack.openstack.svc/glance?read_default_file=ROOT/etc/my.cnf\n',
      '/etc/glance/glance.conf.d/01-config.conf': '[DEFAULT]\nworker_self_reference_url=http://glance:9292\n',
      '/etc/my.cnf': '[client]\nssl-ca=/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem\nssl=1\n',
    },
    place: '/etc/glance/glance.conf.d/00-config.conf:4',
    host: 'openstack.openstack.svc',
    tls: ['identity', '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem'],
  },
  {
    by: 'charms',
    files: {
      '/etc/glance/glance-api.conf':
        '[DEFAULT]\ndb_enforce_mysql_charset = False\n[database]\nconnection = mysql+pymysql://glance:secret@10.5.0.9/glance?ssl_ca=ROOT/etc/glance/db-ca.pem\nconnection_recycle_time = 3600\n',
      '/etc/glance/db-ca.pem': 'PEM',
    },
    place: '/etc/glance/glance-api.conf:4',
    host: '10.5.0.9',
    tls: ['ca', '/etc/glance/db-ca.pem'],
  },
];

it.each(DEPLOYED)('the database of a cloud by $by is found without an option', ({ files, place, host, tls }) => {
  const root = mkdtempSync(join(tmpdir(), 'deployers-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    // Paths of a machine are meant from its root, which a test cannot have.
    writeFileSync(join(root, path), text.replaceAll('ROOT', root));
  }
  const found = findDatabase({}, { environment: {}, words: [], root });
  expect(found.place).toBe(`${root}${place} [database] connection`);
  const { spec } = found.address;
  if (spec.kind !== 'mysql') throw new Error('another engine');
  expect([spec.hosts[0].host, spec.password?.reveal(), spec.database]).toEqual([host, 'secret', 'glance']);
  const shown = spec.tls.kind === 'off' ? null : [spec.tls.tls.verify, spec.tls.tls.caFile?.replace(root, '')];
  expect(shown).toEqual(tls);
});
