/** What a report was made from; goes out as it is. Holds no password. */
export interface ReportHeader {
  readonly tool_version: string;
  /** ISO 8601 in UTC: `2026-01-31T12:00:00Z`. */
  readonly created_at: string;
  /** The address without user secrets: `mysql://glance@db1/glance`. */
  readonly database: string;
  /** Product and version: `MariaDB 10.11.6`. */
  readonly engine: string;
  /** The release whose schema was found. */
  readonly era: string;
  readonly rules_digest: string;
  /** null where no answers file was given. */
  readonly answers_digest: string | null;
  /** Which images were looked into: `all`, `undecided`, `off`. */
  readonly probe: string;
  /** `columns` or `table`; null before expand. */
  readonly target: string | null;
}
