/** Every kind of body that a client can send in more than one runtime. */
export type BodyKind =
  | 'JSON'
  | 'string'
  | 'URLSearchParams'
  | 'ArrayBuffer'
  | 'Uint8Array'
  | 'Blob'
  | 'FormData'
  | 'stream'
  | 'Request of a string'
  | 'Request of a FormData';

export const bytes: Uint8Array<ArrayBuffer> = Uint8Array.from({ length: 100_000 }, (_, index) => (index * index) % 251);
export const order = { id: 7, note: 'Grüße, 世界' };

/** A new body. What a `Request` is made of is given by its kind. */
export function makeBody(kind: BodyKind): BodyInit {
  if (kind === 'JSON') return JSON.stringify(order);
  if (kind === 'string' || kind === 'Request of a string') return order.note;
  if (kind === 'URLSearchParams') return new URLSearchParams({ note: order.note });
  if (kind === 'ArrayBuffer') return bytes.slice().buffer;
  if (kind === 'Uint8Array') return bytes.slice();
  if (kind === 'Blob') return new Blob([bytes], { type: 'image/png' });
  if (kind === 'stream') return new Blob([bytes]).stream();
  const form = new FormData();
  form.set('note', order.note);
  form.set('file', new Blob([order.note], { type: 'text/plain' }), 'a.txt');
  return form;
}

/** What the API echoes of a body. */
export interface EchoedBody {
  readonly bytes: number;
  readonly sha256: string;
  readonly text?: string;
}

/** What is wrong with a body as it arrived; `undefined` where all of it is there. */
export async function defectOf(kind: BodyKind, echoed: EchoedBody, type: string): Promise<string | undefined> {
  const made = makeBody(kind);
  if (made instanceof FormData) return defectOfForm(echoed.text ?? '', type);
  const sent = new Uint8Array(await new Response(made).arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', sent));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return sha256 === echoed.sha256 ? undefined : `${echoed.bytes} of ${sent.length} bytes: ${echoed.text ?? ''}`;
}

/** A boundary differs each time: it has to be the one that the content type names. */
function defectOfForm(text: string, type: string): string | undefined {
  const [, boundary = ''] = /^multipart\/form-data; *boundary="?([^";]+)/.exec(type) ?? [];
  const parts = text.split(`--${boundary}`);
  const right =
    boundary !== '' &&
    parts.length === 4 &&
    /name="note"\r\n(?:[^\r]+\r\n)*\r\nGrüße, 世界\r\n$/.test(parts[1] ?? '') &&
    /filename="a\.txt"\r\n(?:[^\r]+\r\n)*\r\nGrüße, 世界\r\n$/.test(parts[2] ?? '');
  return right ? undefined : `${type}: ${text}`;
}
