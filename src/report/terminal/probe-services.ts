import type { ServiceWords, WordVerdicts } from '../../services/file-answer.ts';
import type { ServiceSettings } from '../../services/predictor.ts';
import type { ServiceTitles } from '../plan/report.ts';
import type { ProbedServices } from '../records/probe-record.ts';
import { tupleText } from '../words/decision-words.ts';
import { titleOf } from '../words/service-lines.ts';
import { releasesText } from '../words/service-words.ts';
import type { TerminalStyle } from '../words/style.ts';
import { predictionLines } from '../words/service-lines.ts';
import { ROW_INDENT } from './probe-row.ts';
import { inside, type Labelled, painted, renderLabelled } from './layout/section.ts';

/** What the services would do with one file, as lines under its row. No LF at the end. */
export function renderFileAnswer({ answer, settings, titles }: ProbedServices, whole: TerminalStyle): string {
  const style = { ...whole, width: whole.width - ROW_INDENT.length };
  const asked = `${releasesText(settings)}, Nova backend ${settings.novaBackend}`;
  const named = { openstack: settings.release, openstack_before: settings.before };
  const [title, lines] =
    answer.kind === 'verdicts'
      ? [`${asked}: stored as ${tupleText(answer, '/')}`, predictionLines(answer.predictions, named, titles)]
      : [
          `${asked}: accepted disk formats, in container ${answer.containerFormat}`,
          answer.services.flatMap((service) => wordLines(service, settings, titles)),
        ];
  // A title of a section would be cut, and the words in it decide.
  const text = [painted(title, 'bold', style), renderLabelled(lines, inside(style)).replaceAll(/^/gmu, '  ')];
  return text.join('\n').replaceAll(/^/gmu, ROW_INDENT);
}

function wordLines(
  { service, now, before }: ServiceWords,
  settings: ServiceSettings,
  titles: ServiceTitles,
): readonly Labelled[] {
  const label = titleOf(service, titles);
  if (before === null) return [{ label, text: wordsText(now) }];
  const [then, today] = [wordsText(before), wordsText(now)];
  if (then === today) return [{ label, text: `both: ${today}` }];
  return [
    { label, text: `${settings.before}: ${then}` },
    { label: '', text: `${settings.release}: ${today}` },
  ];
}

/** `raw, ami; unknown: vmdk (its end was not seen)` */
function wordsText({ accepted, unknown }: WordVerdicts): string {
  const known = accepted.length === 0 ? 'none' : accepted.join(', ');
  if (unknown.length === 0) return known;
  const reasons = [...new Set(unknown.map(({ why }) => why))];
  const open = reasons.map((why) => {
    const words = unknown.filter((one) => one.why === why).map(({ diskFormat }) => diskFormat);
    return `${words.join(', ')} (${why})`;
  });
  return `${known}; unknown: ${open.join(', ')}`;
}
