import { describe, expect, test } from '@jest/globals';
import { redact } from '../src/common/redaction.ts';
import { expectLinearTime } from './linear-time.ts';

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
    ['in a script', secret.replace('$', '').replaceAll(/[^\w]/gu, (letter) => inScript(letter))],
    ['with marks beside their letters', secret.normalize('NFD')],
    ['in a URL, with marks beside their letters', encodeURIComponent(secret.normalize('NFD'))],
    ['read as Latin-1', Buffer.from(secret).toString('latin1')],
    ['with letters lost', secret.replaceAll(/[^ -~]/gu, '?')],
    ['with letters blanked', secret.replaceAll(/[^ -~]/gu, ' ')],
  ])('is cut out %s', (_, spelling) => {
    expect(redact(`wrong: ${spelling}, no: ${spelling}`, [secret])).toBe('wrong: [redacted], no: [redacted]');
  });

  test.each<[string, string]>([
    [`${'\\'.repeat(32)}x`, `${'\\'.repeat(64)}x`],
    ['pa$$word', String.raw`pa\x24\x24word`],
    ['line\nbreak', String.raw`line\nbreak`],
  ])('%j is cut out of %j', (short, spelling) => {
    expect(redact(`wrong: ${spelling}, no: ${short}`, [short])).toBe('wrong: [redacted], no: [redacted]');
  });

  test.each([`${'\\'.repeat(32)}x`, '\ufffd'.repeat(40), `b${'a'.repeat(100_000)}`, `;`.repeat(40)])(
    '%.40j is looked for in linear time',
    (slow) => {
      // Whatever took more than linear time would not come to its end.
      for (const letter of new Set((slow + JSON.stringify(slow)).split(''))) redact(letter.repeat(1_000_000), [slow]);
    },
  );

  test('leaves the rest as it was', () => {
    const text = 'invalid_client (a.b, $& and $1)';
    expect(redact(text, ['', secret, 'a-b', 'x.'])).toBe(text);
  });

  test.each(['\\', '%25', ' ', 'ü', '&#0', '\\u', 's3cr:t +'])(
    'takes no more than linear time in many a %j',
    (piece) => {
      expectLinearTime((length) => {
        redact(piece.repeat(length / piece.length), [secret, piece.repeat(40)]);
      }, 1_000_000);
    },
  );

  test('may be as long as an assertion gets', () => {
    const assertion = 'eyJ0eXAi.-_'.repeat(10_000);
    expect(redact(`no: ${assertion} at all`, [assertion])).toBe('no: [redacted] at all');
    const odd = '\\"😀'.repeat(5_000);
    expect(redact(`no: ${encodeURIComponent(odd)} at all`, [odd])).toBe('no: [redacted] at all');
  });

  test('is cut out of a text that is too long to be kept, wherever that is cut', () => {
    for (let shift = 0; shift < secret.length; shift++) {
      const shown = redact('.'.repeat(shift) + `<${encodeURIComponent(secret)}>`.repeat(10_000), [secret]);
      expect(shown).toMatch(/^\.*<\[redacted\]>/);
      expect(shown).not.toContain('s3cr');
    }
  });
});

function inScript(letter: string): string {
  const units = Array.from({ length: letter.length }, (_, index) => letter.charCodeAt(index));
  return units.map((unit) => (unit < 256 ? `\\x${hex(unit, 2)}` : `\\u${hex(unit, 4)}`)).join('');
}

function hex(unit: number, digits: number): string {
  return unit.toString(16).padStart(digits, '0');
}

function escaped(text: string): string {
  return text.replaceAll(/[^ -~]/g, (unit) => `\\u${hex(unit.charCodeAt(0), 4)}`);
}
