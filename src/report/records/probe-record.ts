import type { ContentEvidence, Verdict } from '../../model/verdict.ts';
import type { FileAnswer, ServiceWords, WordVerdicts } from '../../services/file-answer.ts';
import type { ServiceSettings } from '../../services/predictor.ts';
import type { ServiceTitles } from '../plan/report.ts';
import { jsonText } from '../words/safe-text.ts';
import { FORMAT_VERSION } from './format-version.ts';
import { servicesBeforeRecord, servicesRecord } from './service-record.ts';

/** Which services were asked about a source, and what they would do with it. */
export interface ProbedServices {
  readonly settings: ServiceSettings;
  readonly answer: FileAnswer;
  /** For people; JSON has the keys. */
  readonly titles: ServiceTitles;
}

/**
 * One source as one JSON line, without the line end. Keys are only ever added.
 *
 * @param services null where no service was asked about, or nothing was read.
 */
export function probeRecord(source: string, content: ContentEvidence, services: ProbedServices | null): string {
  if (content.kind === 'unread') return jsonText(unreadRecord(source, content.why));
  const record = readRecord(source, content.verdict);
  if (services === null) return jsonText(record);
  const { settings, answer } = services;
  const added = answer.kind === 'verdicts' ? verdictsRecord(answer, settings) : wordsRecord(answer, settings);
  return jsonText({ ...record, ...added });
}

/** A source that could not be read. */
export function unreadRecord(source: string, error: string) {
  return { format_version: FORMAT_VERSION, source, error };
}

/** A source that was read. */
export function readRecord(source: string, verdict: Verdict) {
  // The reason why no type is named is one more piece of evidence, so that it needs no key of its own.
  const why = verdict.imageType === null ? [{ offset: 0, detail: `undetermined: ${verdict.why}` }] : [];
  return {
    format_version: FORMAT_VERSION,
    source,
    image_type: verdict.imageType,
    container_type: verdict.containerType,
    envelope: verdict.envelope,
    confidence: verdict.confidence,
    evidence: [...verdict.evidence, ...why].map(({ offset, detail }) => ({ offset, detail })),
    safety: verdict.safety,
    cost: { requests: verdict.cost.requests, bytes: verdict.cost.bytes },
  };
}

/** Keys of a source that would be stored with the words that were given. */
export function verdictsRecord(
  { diskFormat, containerFormat, predictions }: Extract<FileAnswer, { readonly kind: 'verdicts' }>,
  settings: ServiceSettings,
) {
  return {
    ...settingsRecord(settings),
    disk_format: diskFormat,
    container_format: containerFormat,
    services: servicesRecord(predictions),
    services_before: servicesBeforeRecord(predictions),
  };
}

/** Keys of a source for which no word was given. */
export function wordsRecord(
  { containerFormat, services }: Extract<FileAnswer, { readonly kind: 'words' }>,
  settings: ServiceSettings,
) {
  return {
    ...settingsRecord(settings),
    container_format: containerFormat,
    accepted_disk_formats: Object.fromEntries(services.map((service) => [service.service, wordListsRecord(service)])),
  };
}

function wordListsRecord({ now, before }: ServiceWords) {
  return { ...wordVerdictsRecord(now), before: before === null ? null : wordVerdictsRecord(before) };
}

function wordVerdictsRecord({ accepted, unknown }: WordVerdicts) {
  return { accepted, unknown: unknown.map(({ diskFormat, why }) => ({ disk_format: diskFormat, why })) };
}

/** Which services were asked, as in the head of a report. */
function settingsRecord({ release, before, novaBackend }: ServiceSettings) {
  return { openstack: release, openstack_before: before, nova_backend: novaBackend };
}
