import { describe, expect, test } from '@jest/globals';
import { redact } from '../src/common/redaction.ts';

const secret = `s3cr:t +%41/&="~'\\ü€😀`;
const html = secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

describe('a secret in a text that others wrote', () => {
  test.each<[string, string]>([
    ['as it is', secret],
    ['in a URL', encodeURIComponent(secret)],
    ['in a URL, in small letters', encodeURIComponent(secret).toLowerCase()],
    ['in a URL in a URL', encodeURIComponent(encodeURIComponent(secret))],
    ['in a form', new URLSearchParams([['', secret]]).toString().slice(1)],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    ['in JSON without letters beyond ASCII', escaped(JSON.stringify(secret).slice(1, -1))],
    ['on a page', html],
    ['on a page without letters beyond ASCII', html.replace('ü', '&#xFC;').replace('€', '&#8364;')],
    ['read as Latin-1', Buffer.from(secret).toString('latin1')],
    ['with letters lost', secret.replaceAll(/[^ -~]/gu, '?')],
    ['with letters blanked', secret.replaceAll(/[^ -~]/gu, ' ')],
  ])('is cut out %s', (_, spelling) => {
    expect(redact(`wrong: ${spelling}, no: ${spelling}`, [secret])).toBe('wrong: [redacted], no: [redacted]');
  });

  test('leaves the rest as it was', () => {
    const text = 'invalid_client (a.b, $& and $1)';
    expect(redact(text, ['', secret, 'a-b', 'x.'])).toBe(text);
  });

  test.each(['\\', '%25', ' ', 'ü', '&#0', '\\u', 's3cr:t +'])(
    'takes no more than linear time in many a %j',
    (piece) => {
      const long = piece.repeat(1_000_000 / piece.length);
      const start = performance.now();
      redact(long, [secret, piece.repeat(40)]);
      expect(performance.now() - start).toBeLessThan(2_000);
    },
  );

  test('may be as long as an assertion gets', () => {
    const assertion = 'eyJ0eXAi.-_'.repeat(10_000);
    expect(redact(`no: ${assertion} at all`, [assertion])).toBe('no: [redacted] at all');
    const odd = '\\"😀'.repeat(10_000);
    expect(redact(`no: ${encodeURIComponent(odd)} at all`, [odd])).toBe('no: [redacted] at all');
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
