/**
 * A module that the runtime itself has, where it can be asked for without an import: so core runs where there is no such
 * module. The name of the function is not written behind `process`, because bundlers for edge runtimes refuse code that does so.
 */
export function builtin<Module>(id: string): Partial<Module> | undefined {
  const host: { getBuiltinModule?: unknown } | undefined = Reflect.get(globalThis, 'process');
  const find: unknown = host?.['getBuiltinModule'];
  if (typeof find !== 'function') return undefined;
  try {
    return find.call(host, id) as Partial<Module> | undefined;
  } catch {
    // Some runtimes throw for a module that they do not know.
    return undefined;
  }
}
