import type { FileAnswer, ServiceWords, WordVerdicts } from '../../services/file-answer.ts';
import type { ServiceSettings } from '../../services/predictor.ts';
import { tupleText } from '../words/decision-words.ts';
import { predictionText, releasesText, remedyText, VERDICT_TONES } from '../words/service-words.ts';
import type { TerminalStyle } from '../words/style.ts';
import { inside, type Labelled, renderLabelled, section } from './layout/section.ts';

/** What the services would do with one file. No LF at the end. */
export function renderFileAnswer(answer: FileAnswer, settings: ServiceSettings, style: TerminalStyle): string {
  const asked = `${releasesText(settings)}, Nova backend ${settings.novaBackend}`;
  const [title, lines] =
    answer.kind === 'verdicts'
      ? [`${asked}: stored as ${tupleText(answer, '/')}`, verdictLines(answer, settings)]
      : [
          `${asked}: accepted disk formats, in container ${answer.containerFormat}`,
          answer.services.flatMap((service) => wordLines(service, settings)),
        ];
  return section(title, [renderLabelled(lines, inside(style))], style);
}

function verdictLines(
  { predictions }: Extract<FileAnswer, { readonly kind: 'verdicts' }>,
  settings: ServiceSettings,
): readonly Labelled[] {
  return predictions.flatMap(({ service, verdict, before }): readonly Labelled[] => [
    { label: service, text: predictionText({ verdict, before }, settings), tone: VERDICT_TONES[verdict.kind] },
    ...(verdict.kind === 'refused' ? verdict.remedies : []).map((remedy) => ({
      label: '',
      text: `→ ${remedyText(remedy)}`,
    })),
  ]);
}

function wordLines({ service, now, before }: ServiceWords, settings: ServiceSettings): readonly Labelled[] {
  if (before === null) return [{ label: service, text: wordsText(now) }];
  const [then, today] = [wordsText(before), wordsText(now)];
  if (then === today) return [{ label: service, text: `${today} (in both releases)` }];
  return [
    { label: service, text: `${settings.before}: ${then}` },
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
