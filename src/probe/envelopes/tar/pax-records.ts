import { latin1 } from '../../reading/fields.ts';

/** Keywords and values in the order of the header: GNU.sparse 0.0 repeats its keywords. */
export type PaxRecords = readonly (readonly [keyword: string, value: string])[];

/**
 * Reads the records of an extended header, `LENGTH KEYWORD=VALUE\n`, up to the first invalid one. The length counts the
 * bytes of the whole record. Texts are compared, never shown. Source: POSIX.1-2001, pax, "pax Extended Header".
 */
export function paxRecords(bytes: Uint8Array): PaxRecords {
  const text = latin1(bytes);
  const records: (readonly [string, string])[] = [];
  for (let at = 0; at < text.length;) {
    const digits = /^\d{1,10} /u.exec(text.slice(at, at + 11))?.[0];
    const end = at + Number(digits ?? Number.NaN);
    const equals = text.indexOf('=', at);
    if (digits === undefined || !(end <= text.length) || equals < 0 || equals >= end || text[end - 1] !== '\n') break;
    records.push([text.slice(at + digits.length, equals), text.slice(equals + 1, end - 1)]);
    at = end;
  }
  return records;
}

/** Returns the value of a keyword. The last one counts. */
export function paxText(records: PaxRecords, keyword: string): string | null {
  return records.findLast(([key]) => key === keyword)?.[1] ?? null;
}

/** Returns the value of a keyword as a number; null where it is missing, no decimal number, or above 2^53 - 1. */
export function paxNumber(records: PaxRecords, keyword: string): number | null {
  return decimal(paxText(records, keyword) ?? '');
}

export function decimal(text: string): number | null {
  const value = /^\d{1,16}$/u.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}
