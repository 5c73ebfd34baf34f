import type { Decision } from '../../../model/decision.ts';
import type { ServicePrediction, ServiceVerdict } from '../../../model/service-prediction.ts';
import type { ReportHeader, ServiceTitles } from '../../plan/report.ts';
import { titleOf } from '../../words/service-lines.ts';
import { releasesText, remedyText, VERDICT_TONES, verdictText } from '../../words/service-words.ts';
import type { TerminalStyle } from '../../words/style.ts';
import { inside, type Labelled, renderLabelled, section } from '../layout/section.ts';

/** What each service does with the image, in both releases where two are compared, and what would make it take it. */
export function servicesSection(
  { services }: Decision,
  { openstack, openstack_before: before, nova_backend: backend }: ReportHeader,
  titles: ServiceTitles,
  style: TerminalStyle,
): string {
  if (services.length === 0) return '';
  const releases = openstack === null ? 'OpenStack' : releasesText({ release: openstack, before });
  const lines = predictionLines(services, { openstack, openstack_before: before }, titles);
  const title = `${releases}: what the services do${backend === null ? '' : ` (Nova backend: ${backend})`}`;
  return section(title, [renderLabelled(lines, inside(style))], style);
}

/** What each service does, why, and what would help. */
export function predictionLines(
  predictions: readonly ServicePrediction[],
  { openstack, openstack_before: before }: Pick<ReportHeader, 'openstack' | 'openstack_before'>,
  titles: ServiceTitles,
): readonly Labelled[] {
  return predictions.flatMap(({ service, verdict, before: earlier }): readonly Labelled[] => {
    const label = titleOf(service, titles);
    if (earlier === null) return verdictLines(label, '', verdict);
    if (verdictText(earlier) === verdictText(verdict)) return verdictLines(label, 'in both releases ', verdict);
    return [
      {
        label,
        text: `in ${before ?? 'the earlier release'} ${verdictText(earlier)}`,
        tone: VERDICT_TONES[earlier.kind],
      },
      ...verdictLines('', `in ${openstack ?? 'the later'} `, verdict),
    ];
  });
}

function verdictLines(label: string, when: string, verdict: ServiceVerdict): readonly Labelled[] {
  const line = { label, text: when + verdictText(verdict), tone: VERDICT_TONES[verdict.kind] };
  if (verdict.kind !== 'refused') return [line];
  const ways = verdict.remedies.map((remedy, index) => `${index === 0 ? 'to pass: ' : 'or: '}${remedyText(remedy)}`);
  return [line, ...ways.map((text) => ({ label: '', text }))];
}
