export const hooks = {
  /** The packages that bring Node say what they are for as a text, where pnpm reads a list. It would install them everywhere. */
  readPackage(manifest) {
    for (const field of ['os', 'cpu']) if (typeof manifest[field] === 'string') manifest[field] = [manifest[field]];
    return manifest;
  },
};
