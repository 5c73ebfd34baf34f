import type { Database } from '../../db/database.ts';
import type { GlanceSchema } from '../../glance/tables/schema.ts';
import type { ReportHeader } from '../../report/plan/report.ts';
import { timestamp } from '../../run/context/context.ts';
import { findMeta } from '../../run/preflight.ts';
import type { Deciding } from '../options/deciding.ts';
import { toolVersion } from '../log/version.ts';

/** Describes what a report is made from, as it is now. */
export async function reportHeader(
  reader: Database,
  schema: GlanceSchema,
  { rulesDigest, answers, foreseen: { settings } }: Deciding,
  probe: string,
): Promise<ReportHeader> {
  const meta = await findMeta(reader);
  return {
    tool_version: toolVersion(),
    created_at: timestamp(),
    database: reader.label,
    engine: reader.dialect.serverVersion,
    era: schema.era,
    rules_digest: rulesDigest,
    answers_digest: answers?.digest ?? null,
    probe,
    target: meta?.target.kind ?? null,
    openstack: settings.release,
    openstack_before: settings.before,
    nova_backend: settings.novaBackend,
  };
}
