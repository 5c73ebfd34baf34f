import type { ContentEvidence } from '../../model/verdict.ts';
import type { ProbedServices } from '../../report/records/probe-record.ts';
import { helpful } from '../../rules/decide/foresee.ts';
import { answerAboutFile } from '../../services/file-answer.ts';
import { loadPredictor } from '../options/load-services.ts';
import { requireRelease } from '../options/require-release.ts';
import type { GivenServices } from '../options/services.ts';

/** The options of probe about services; each may be left out. */
export interface GivenQuestion extends GivenServices {
  readonly diskFormat?: string | undefined;
  readonly containerFormat?: string | undefined;
}

/** The container format of nearly every image, and the only one whose bytes Glance inspects. */
const USUAL_CONTAINER = 'bare';

/**
 * Makes ready to ask the services about sources.
 * @throws RetypeError USAGE, and for a table that cannot be used.
 */
export function createAsker(given: GivenQuestion): (content: ContentEvidence) => ProbedServices | null {
  const { predict, table, settings, titles } = loadPredictor(given);
  const others = {
    '--nova-backend': given.novaBackend,
    '--services': given.services,
    '--disk-format': given.diskFormat,
    '--container-format': given.containerFormat,
  };
  requireRelease(given.openstack, others, settings.release);
  const question = {
    diskFormat: given.diskFormat ?? null,
    containerFormat: given.containerFormat ?? USUAL_CONTAINER,
  };
  return (content) => {
    if (content.kind === 'unread') return null;
    const { inspection, safety } = content.verdict;
    const answer = answerAboutFile(
      (row, bytes) => helpful(predict(row, bytes), safety),
      question,
      table.diskFormats,
      inspection,
    );
    return { settings, answer, titles };
  };
}
