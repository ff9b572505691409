import type { World } from './world.ts';

/** Something that must be so in every runtime. */
export interface Case {
  /** The package that it is about. */
  readonly about: string;
  readonly name: string;
  readonly run: (world: World) => Promise<void>;
}

/** What the script is told about the runtime that it is in. */
export interface Environment {
  readonly runtime: string;
  /** The origin of the process that has the servers. */
  readonly control: string;
  /** What cannot be done in this runtime: reasons, by package, by the name of a case, or by `package: name`. */
  readonly leftOut: Readonly<Record<string, string>>;
}

export function reasonToLeaveOut(
  { leftOut }: Environment,
  { about, name }: Pick<Case, 'about' | 'name'>,
): string | undefined {
  return leftOut[`${about}: ${name}`] ?? leftOut[name] ?? leftOut[about];
}
