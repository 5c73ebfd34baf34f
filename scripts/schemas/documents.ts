import { FORMAT_VERSION } from '../../src/report/records/format-version.ts';
import { dryRun } from './dry-run.ts';
import { diff, diffLine } from './diff.ts';
import { error } from './error.ts';
import { explain } from './explain.ts';
import { gate } from './gate.ts';
import { decision } from './parts.ts';
import { log } from './log.ts';
import { plan } from './plan.ts';
import { probe } from './probe.ts';
import { questions } from './questions.ts';
import { rehearse } from './rehearse.ts';
import { rulesCheck, rulesShow } from './rules.ts';
import { showConfig } from './show-config.ts';
import { status } from './status.ts';
import { verify } from './verify.ts';
import { contract, expand, migrate, rollback } from './writers.ts';

/** One kind of document, and what describes it. */
interface Documented {
  /** What makes it, as it is typed. */
  readonly made: string;
  readonly schema: { readonly json: Readonly<Record<string, unknown>> };
}

/** Every document for programs, by the name of its schema. */
export const DOCUMENTS: Readonly<Record<string, Documented>> = {
  plan: { made: 'plan --json', schema: plan },
  ndjson: { made: 'plan --ndjson, one line', schema: decision },
  questions: { made: 'questions FILE --json', schema: questions },
  expand: { made: 'expand --json', schema: expand },
  migrate: { made: 'migrate --json', schema: migrate },
  status: { made: 'status --json', schema: status },
  verify: { made: 'verify --json', schema: verify },
  gate: { made: 'gate --json', schema: gate },
  rollback: { made: 'rollback --json', schema: rollback },
  contract: { made: 'contract --json', schema: contract },
  'dry-run': { made: 'expand, migrate, rollback or contract with --dry-run --json', schema: dryRun },
  explain: { made: 'explain ID --json', schema: explain },
  diff: { made: 'diff BEFORE AFTER --json', schema: diff },
  'diff-ndjson': { made: 'diff BEFORE AFTER --ndjson, one line', schema: diffLine },
  'rules-check': { made: 'rules check FILE --json', schema: rulesCheck },
  'rules-show': { made: 'rules show --json', schema: rulesShow },
  probe: { made: 'probe --json, one line', schema: probe },
  rehearse: { made: 'rehearse --json', schema: rehearse },
  'show-config': { made: 'any command with --show-config --json', schema: showConfig },
  log: { made: '--log-format json, one line', schema: log },
  error: { made: 'any command with --json that fails', schema: error },
};

/** The schema of a document as it is published. */
export function schemaDocument(name: string, { made, schema }: Documented): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:glance-retype:schema:${name}:${FORMAT_VERSION}`,
    title: `glance-retype ${made}`,
    ...schema.json,
  };
}
