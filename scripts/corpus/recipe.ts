import type { Label } from './label.ts';
import type { Workshop } from './workshop.ts';

/** How to make one file of the corpus. */
export interface Recipe {
  /** Path in the corpus folder. */
  readonly name: string;
  /** Names that must be made before. */
  readonly needs: readonly string[];
  /** Null for a file that only goes into others. */
  readonly label: Label | null;
  /** The raw file whose bytes the guest of this container sees; null where it is none, or has no readable guest. */
  readonly guestBase: string | null;
  /** Makes `file`, the absolute path of `name`; its folder is there. */
  readonly make: (shop: Workshop, file: string) => Promise<void>;
}

type Make = Recipe['make'];

export function sample(name: string, label: Label, needs: readonly string[], make: Make): Recipe {
  return { name, needs, label, guestBase: null, make };
}

export function material(name: string, needs: readonly string[], make: Make): Recipe {
  return { name, needs, label: null, guestBase: null, make };
}

/** A container whose guest is the raw file `guestBase`. */
export function container(name: string, label: Label, guestBase: string, make: Make): Recipe {
  return { name, needs: [guestBase], label, guestBase, make };
}
