import { expect, it } from 'vitest';
import { createImageCollector } from '../../../../src/report/html/images/collector.ts';
import { imageData } from '../../../../src/report/html/images/dictionary.ts';
import { imageSection } from '../../../../src/report/html/images/section.ts';
import { ambiguous, decided, row } from '../../made-images.ts';
import { textOf } from '../made-report.ts';
import { REPORT } from './made-data.ts';

function drawn(count: number, limit = 1_000): string {
  const images = createImageCollector(limit);
  for (let place = 0; place < count; place += 1) {
    images.add(row({ id: `i${place}`, name: place === 0 ? null : '<b>' }).image, place === 0 ? ambiguous() : decided());
  }
  const collected = images.result();
  return imageSection(collected, imageData(collected, REPORT));
}

it('has the images as a plain table for readers without a script', () => {
  const page = drawn(2);
  expect(textOf(page)).toContain('2 images. 1 image needs attention (an error among the findings');
  expect(textOf(page)).toContain('i0 tenant qcow2 / bare disk/raw or filesystem/raw ambiguous RULE');
  expect(page).toContain('&lt;b&gt;');
  expect(page).not.toContain('<b>');
});

it('says what is left out', () => {
  const text = textOf(drawn(250, 220));
  expect(text).toContain('220 of 250 images are in this table; --html-images sets how many it holds');
  expect(text).toContain('the table shows the first 200 of 250 images');
  expect(text.split(' qcow2 / bare ')).toHaveLength(201);
});

it('of no images has no table', () => {
  expect(textOf(drawn(0))).toContain('There are no images.');
  expect(drawn(0)).not.toContain('<table');
});
