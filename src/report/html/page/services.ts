import type { PlanReport, ServiceCount, ServiceTitles } from '../../plan/report.ts';
import { countText } from '../../words/number-text.ts';
import { safeText } from '../../words/safe-text.ts';
import {
  checkText,
  EFFECT_TONES,
  effectTitle,
  filterWord,
  lineFilterWord,
  SERVICE_EFFECTS,
  type ServiceEffect,
  type ServiceLine,
  serviceLines,
  titleOf,
  TRANSITION_WORDS,
  unknownHint,
} from '../../words/service-lines.ts';
import { releasesText, remedyText } from '../../words/service-words.ts';
import { writeFilter } from '../images/query.ts';
import { html, type HtmlValue, NO_HTML, type SafeHtml } from '../markup/escape.ts';
import {
  dataTable,
  imagesLink,
  type PageSection,
  sampleIdsHtml,
  toneHtml,
  unbroken,
  wordHtml,
} from '../markup/fragments.ts';

/** Rows of each table that are not folded. */
const FIRST = 15;
/** Ids beside a reason; the figure of its line leads to all of them. */
const IDS = 2;

/** What the services of OpenStack do with the images: counts, then all that is not accepted, the most harmful first. */
export function servicesSection(report: PlanReport): PageSection | null {
  const { summary, header } = report;
  const { services } = summary;
  if (services.length === 0) return null;
  const { openstack, openstack_before: before, nova_backend: backend } = header;
  const releases = openstack === null ? 'OpenStack' : releasesText({ release: openstack, before });
  const lines = serviceLines(summary);
  const hint = unknownHint(report);
  const body = html`<p class="lead">
      What each service does with the images, by their rows and by their bytes where these were
      read${backend === null ? '' : `; Nova with the backend ${backend}`}. A figure leads to the images, where their ids
      can be copied.
    </p>
    ${countsTable(report)}${hint === '' ? NO_HTML : html`<p class="muted">${unbroken(hint)}</p>`}
    ${SERVICE_EFFECTS.map((effect) =>
      effectPart(
        effect,
        lines.filter((line) => line.effect === effect),
        report,
      ),
    )}`;
  return { id: 'services', title: releases, badge: badgeOf(services), body };
}

/** The most images that one service will refuse, or refuses where only one release was asked. */
function badgeOf(services: readonly ServiceCount[]): string {
  const most = services.map(({ transitions, refused }) => transitions?.willBeRefused ?? refused);
  return countText(Math.max(...most));
}

function countsTable({ summary, serviceTitles }: PlanReport): SafeHtml {
  const { services } = summary;
  const caption = 'Images of each service';
  const linked = (service: string, count: number, word: string): HtmlValue =>
    countLink(count, filterWord(titleOf(service, serviceTitles), word));
  if (services.every(({ transitions }) => transitions === null)) {
    return dataTable({
      caption,
      columns: { service: 'head', refused: 'number', unknown: 'number', accepted: 'number' },
      rows: services.map(({ service, accepted, refused, unknown }) => [
        titleOf(service, serviceTitles),
        linked(service, refused, 'refused'),
        linked(service, unknown, 'unknown'),
        linked(service, accepted, 'accepted'),
      ]),
    });
  }
  const kinds = ['willBeRefused', 'staysRefused', 'unknown', 'willWork', 'staysAccepted'] as const;
  return dataTable({
    caption,
    columns: {
      service: 'head',
      ...Object.fromEntries(kinds.map((kind) => [TRANSITION_WORDS[kind], 'number'] as const)),
    },
    rows: services.map(({ service, transitions }) => [
      titleOf(service, serviceTitles),
      ...kinds.map((kind) => linked(service, transitions?.[kind] ?? 0, TRANSITION_WORDS[kind])),
    ]),
  });
}

function countLink(count: number, word: string): HtmlValue {
  if (count === 0) return html`<span class="muted">–</span>`;
  return imagesLink(writeFilter({ service: safeText(word) }), countText(count));
}

function effectPart(effect: ServiceEffect, lines: readonly ServiceLine[], report: PlanReport): SafeHtml {
  if (lines.length === 0) return NO_HTML;
  return html`<h3>${toneHtml(effectTitle(effect, report.header), EFFECT_TONES[effect])}</h3>
    ${linesTable('By service', effect, lines.slice(0, FIRST), report)}
    ${
      lines.length <= FIRST
        ? NO_HTML
        : html`<details>
            <summary>${countText(lines.length - FIRST)} more</summary>
            ${linesTable('By service, the others', effect, lines.slice(FIRST), report)}
          </details>`
    }`;
}

function linesTable(
  caption: string,
  effect: ServiceEffect,
  lines: readonly ServiceLine[],
  { serviceTitles }: PlanReport,
): SafeHtml {
  switch (effect) {
    case 'unknown':
      return dataTable({
        caption,
        columns: { service: 'head', images: 'number', why: 'text', 'for example': 'text' },
        rows: lines.map((line) => [
          ...counted(line, serviceTitles),
          html`<bdi>${line.reasons[0]?.why ?? ''}</bdi>`,
          sampleIdsHtml(line.sampleIds.slice(0, IDS)),
        ]),
      });
    case 'will-work':
      return dataTable({
        caption,
        columns: { service: 'head', images: 'number', 'refused today by': 'text', 'for example': 'text' },
        rows: lines.map((line) => [
          ...counted(line, serviceTitles),
          checkHtml(line),
          sampleIdsHtml(line.sampleIds.slice(0, IDS)),
        ]),
      });
    case 'will-be-refused':
    case 'refused':
    case 'stays-refused':
      return html`${lines.map((line) => refusalHtml(line, serviceTitles))}`;
  }
}

/** The service, and the number of images, which leads to them. */
function counted(line: ServiceLine, titles: ServiceTitles): readonly [HtmlValue, HtmlValue] {
  const title = titleOf(line.service, titles);
  return [title, countLink(line.count, lineFilterWord(title, line))];
}

/** No table: reasons and advice are long, and a telephone is narrow. */
function refusalHtml(line: ServiceLine, titles: ServiceTitles): SafeHtml {
  const [title, count] = counted(line, titles);
  return html`<article class="finding panel">
    <h4>
      <span>${title}</span> ${checkHtml(line)}
      <span class="count">${count} ${line.count === 1 ? 'image' : 'images'}</span>
    </h4>
    ${reasonsHtml(line)}
  </article> `;
}

function checkHtml({ by }: ServiceLine): HtmlValue {
  return by === null ? null : wordHtml(checkText(by));
}

/** Each reason, what to do about it, and images; with several reasons, how many images each has. */
function reasonsHtml({ reasons }: ServiceLine): SafeHtml {
  return html`${reasons.map(
    ({ why, remedies, count, sampleIds }) =>
      html`<div>
        ${reasons.length === 1 ? '' : `${countText(count)}: `}<bdi>${why}</bdi>
        <ul class="plain">
          ${remedies.map((remedy) => html`<li>${remedyText(remedy)}</li>`)}
          <li class="muted">for example ${sampleIdsHtml(sampleIds.slice(0, IDS))}</li>
        </ul>
      </div>`,
  )}`;
}
