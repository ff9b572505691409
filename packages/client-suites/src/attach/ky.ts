import { bearerAuth } from '@tokenline/ky';
import ky, { type KyInstance } from 'ky';
import { options, source } from './elsewhere.ts';

export * from 'ky';

const attached: KyInstance = bearerAuth(ky, source, options);
// A new instance would be without the adapter. ky first refuses what it refuses.
attached.create = (defaults) => ky.create(defaults) && attached.extend(defaults ?? {});

export default attached;
