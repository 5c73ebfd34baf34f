import type { Decision } from '../../../model/decision.ts';
import type { ReportHeader, ServiceTitles } from '../../plan/report.ts';
import { predictionLines } from '../../words/service-lines.ts';
import { releasesText } from '../../words/service-words.ts';
import type { TerminalStyle } from '../../words/style.ts';
import { inside, renderLabelled, section } from '../layout/section.ts';

/** What each service does with the image, in both releases where two are compared, and what would make it take it. */
export function servicesSection(
  { services }: Decision,
  header: ReportHeader,
  titles: ServiceTitles,
  style: TerminalStyle,
): string {
  if (services.length === 0) return '';
  const { openstack, openstack_before: before, nova_backend: backend } = header;
  const releases = openstack === null ? 'OpenStack' : releasesText({ release: openstack, before });
  const title = `${releases}: what the services do${backend === null ? '' : ` (Nova backend: ${backend})`}`;
  return section(title, [renderLabelled(predictionLines(services, header, titles), inside(style))], style);
}
