export interface TextSink {
  /** A promise means: wait before writing more. Calls never overlap. */
  write(text: string): void | Promise<void>;
  /** Makes everything written final. */
  end(): Promise<void>;
}

/** Text gathered before it is handed on, in UTF-16 code units: large enough that the system call does not matter. */
const PIECE_LENGTH = 64 * 1024;

/** Gathers small texts and hands them to the sink in pieces of about 64 KiB. */
export interface PieceBuffer {
  /** A promise means: wait before adding more. */
  add(text: string): void | Promise<void>;
  /** Hands on what is left and ends the sink. */
  end(): Promise<void>;
}

export function createPieceBuffer(sink: TextSink): PieceBuffer {
  let gathered = '';
  return {
    add(text) {
      gathered += text;
      if (gathered.length < PIECE_LENGTH) return undefined;
      const piece = gathered;
      gathered = '';
      return sink.write(piece);
    },
    async end() {
      const rest = gathered;
      gathered = '';
      if (rest !== '') await sink.write(rest);
      await sink.end();
    },
  };
}
