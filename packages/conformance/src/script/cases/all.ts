import type { Case } from '../case.ts';
import type { Driver } from '../clients/client.ts';
import { authenticationCases } from './authentication.ts';
import { logCases, sourceLogCases } from './logs.ts';
import { proofCases } from './proofs.ts';
import { replayCases } from './replays.ts';
import { requestCases } from './requests.ts';
import { sourceCases } from './source.ts';

/** All cases, with these clients. */
export function allCases(drivers: readonly Driver[]): Case[] {
  return [
    ...sourceCases,
    ...authenticationCases,
    ...sourceLogCases,
    ...drivers.flatMap((driver) => [
      ...requestCases(driver),
      ...replayCases(driver),
      ...proofCases(driver),
      ...logCases(driver),
    ]),
  ];
}
