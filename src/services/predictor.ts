import type { Inspection } from '../model/inspection.ts';
import type { ServicePrediction } from '../model/service-prediction.ts';

/** What a service can see of a row. Words are as stored: services neither fold them nor know aliases. */
export interface ServiceRow {
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  /** `boot-part`: only ever used as the kernel or the ramdisk of other images. */
  readonly use: 'root' | 'boot-part';
  /** `volumes`: a snapshot that boots from volumes. `none`: the image has no data. */
  readonly payload: 'bytes' | 'volumes' | 'none';
}

/** Predicts what each service does with an image. `bytes` is null where they were not read. */
export type Predictor = (row: ServiceRow, bytes: Inspection | null) => readonly ServicePrediction[];

/** Which services are meant. */
export interface ServiceSettings {
  /** The name of a release of the table. */
  readonly release: string;
  /** The release to compare with, which runs today; null where none was named. */
  readonly before: string | null;
  /** A backend of the table: `qcow2`, `flat`, `rbd-clone`. */
  readonly novaBackend: string;
}
