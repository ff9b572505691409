// What somebody has put into `Object.prototype` is nobody's option and no part of anybody's data.

/** A copy without a prototype: it has what the object itself has, and nothing else. */
export function ownCopy<T extends object>(value: T): T {
  return Object.assign(Object.create(null) as T, value);
}

/** A property that the object itself has; `undefined` for one that it inherits. */
export function ownValue<T extends object, Name extends keyof T>(value: T, name: Name): T[Name] | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/**
 * A property of an object that may be an instance of a class: it counts where the object or a class of it has it. What all
 * objects inherit does not.
 */
export function memberOf<T extends object, Name extends keyof T>(value: T, name: Name): T[Name] | undefined {
  let owner: object = value;
  while (!Object.hasOwn(owner, name)) {
    const parent = Object.getPrototypeOf(owner) as object | null;
    if (parent === null || Object.getPrototypeOf(parent) === null) return undefined;
    owner = parent;
  }
  return value[name];
}
