import type { Environment } from '../script/case.ts';
import type { Report, Result } from '../servers/protocol.ts';

/** What a runtime needs to run the script. */
export interface Stage {
  /** The origin of the process that has the servers. */
  readonly control: string;
  /** What the runtime has reported so far. */
  report(runtime: string): Promise<Report>;
  /** Serves files at paths of the control origin. */
  serve(pages: Readonly<Record<string, { readonly file: string; readonly type: string }>>): Promise<void>;
}

/** One column of the matrix. */
export interface Runtime {
  /** How it is named on the command line. */
  readonly name: string;
  /** Its cases that are left out, and why: as in {@link Environment}. */
  readonly leftOut: Environment['leftOut'];
  /**
   * Runs all cases, and gives the results that the script itself could not report.
   *
   * @throws Unavailable where the runtime cannot be had.
   */
  run(stage: Stage): Promise<Outcome>;
}

export interface Outcome {
  /** The runtime's own version. */
  readonly version: string;
  readonly results?: readonly Result[];
}

export function environmentOf({ name, leftOut }: Pick<Runtime, 'name' | 'leftOut'>, { control }: Stage): Environment {
  return { runtime: name, control, leftOut };
}
