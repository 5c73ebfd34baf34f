import type { Occasion, PlanReport } from '../../plan/report.ts';
import { html, type SafeHtml, trustedHtml } from '../markup/escape.ts';
import { type PageSection, renderContents, renderSection } from '../markup/fragments.ts';
import { aboutSection, occasionSection } from './about.ts';
import { cutoverSection, oneFieldSection } from './cutover.ts';
import { findingsSection, securitySection } from './findings.ts';
import { flowSection, sharesSection } from './outcomes.ts';
import { ownersSection } from './owners.ts';
import { answersSection, questionsSection } from './questions.ts';
import { servicesSection } from './services.ts';
import { pageStyle } from './style.ts';
import { verdictPart } from './verdict.ts';

export interface PageParts {
  /** The Content-Security-Policy, as its meta element has it. */
  readonly policy: string;
  /** Style rules for the table of images; they come after the page's own. */
  readonly extraStyle: string;
}

const TITLES: Readonly<Record<Occasion['kind'], string>> = {
  plan: 'Plan',
  migrate: 'Migration',
  verify: 'Verification',
};

/**
 * Everything up to the section of images. `<main>` is left open for `<section id="images">` and the script; `pageEnd`
 * closes it. The one style element holds exactly `pageStyle(extraStyle)`, because the policy allows it by its hash; no
 * element has a style attribute. The script toggles `data-theme` (`light`, `dark`) on the root when `#theme` is
 * clicked.
 */
export function pageStart(report: PlanReport, { policy, extraStyle }: PageParts): string {
  const { header, occasion } = report;
  const title = TITLES[occasion.kind];
  const sections = sectionsOf(report);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title} of ${header.database} – glance-retype</title>
        ${trustedHtml(`<style>${pageStyle(extraStyle)}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the report</a>
        <header class="top">
          <p>
            <b>glance-retype</b> ${title.toLowerCase()} of <b><bdi>${header.database}</bdi></b
            >, <time datetime="${header.created_at}">${header.created_at}</time>
          </p>
          <button id="theme" type="button">Light or dark</button>
        </header>
        <div class="page">
          ${renderContents(sections)}
          <main id="main" tabindex="-1">${verdictPart(report)}${sections.map(renderSection)}
     `.toString();
}

export function pageEnd(): string {
  return END.toString();
}

const END: SafeHtml = html`</main>
</div>
</body>
</html>
`;

function sectionsOf(report: PlanReport): readonly PageSection[] {
  const { occasion, summary, answers, owners, header, next } = report;
  return [
    occasionSection(occasion),
    flowSection(summary),
    sharesSection(summary),
    servicesSection(report),
    cutoverSection(summary),
    questionsSection(summary, next),
    owners === null ? null : ownersSection(owners),
    answers === null ? null : answersSection(answers),
    securitySection(summary),
    findingsSection(summary),
    oneFieldSection(summary),
    aboutSection(header),
  ].filter((section) => section !== null);
}
