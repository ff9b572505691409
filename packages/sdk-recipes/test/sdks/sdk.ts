/** An SDK on the page, and how a test calls it. The fields are code, which goes around that of the page. */
export interface Sdk {
  /** What the page calls it: in the first column of a table, or in a heading. */
  readonly name: string;
  /** What the code on the page takes for granted: imports, types and values. */
  readonly given?: string;
  /** What comes after a recipe, such as a sample of what a generator writes. */
  readonly after?: string;
  /** Sends one request, and gives the order that the API answers; `sdk` is the value of a line in a table. */
  readonly call: string;
  /** Sends a request that rejects with what has the `TokenError` in it. @defaultValue `call` */
  readonly failing?: string;
  /** Whether its errors do not have the `TokenError` in them. @defaultValue `false` */
  readonly hidesErrors?: boolean;
  /** What the API answers. @defaultValue the order */
  readonly answer?: unknown;
}

export const order: { readonly id: string } = { id: '7' };
export const graphql: unknown = { data: { order } };
