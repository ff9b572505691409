import type { Sdk } from './sdk.ts';

/** An SDK that sends a key. */
interface KeyedSdk extends Sdk {
  /** The key on the page. */
  readonly key: string;
}

export const supabase: KeyedSdk = {
  name: '`@supabase/supabase-js`',
  key: 'your-key',
  given: `import { createClient } from '@supabase/supabase-js';`,
  call: `sdk.from('orders').insert({ id: '7' }).select().single().throwOnError().then(({ data }) => data)`,
};

export const settingAuthorization: readonly KeyedSdk[] = [
  {
    name: '`@anthropic-ai/sdk`',
    key: 'replaced',
    given: `import Anthropic from '@anthropic-ai/sdk';`,
    call: `sdk.messages.countTokens({ model: 'any', messages: [{ role: 'user', content: 'Hi' }] })`,
  },
  supabase,
  {
    name: '`openai`',
    key: 'replaced',
    given: `import OpenAI from 'openai';`,
    call: `sdk.embeddings.create({ model: 'any', input: 'order', encoding_format: 'float' })`,
  },
  {
    name: '`stripe`',
    key: 'replaced',
    given: `import Stripe from 'stripe';`,
    call: `sdk.customers.create({ name: 'Ada' }).then(({ id }) => ({ id }))`,
    failing: `sdk.customers.create({ name: 'Ada' }).catch((error) => Promise.reject(error.detail))`,
  },
];
