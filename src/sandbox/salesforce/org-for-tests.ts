import { generateKeyPairSync } from 'node:crypto';
import { memoryBudgets } from '../../kit/budgets.ts';
import { systemClock } from '../../kit/clock.ts';
import { makeHttp } from '../../kit/http.ts';
import { silentLog } from '../../kit/log.ts';
import { memoryTokens } from '../../kit/shared-tokens.ts';
import type { Tools } from '../../kit/tools.ts';
import type { SalesforceSimulator } from '../contract.ts';
import { type SalesforceSwitches, startSalesforceSimulator } from './simulator.ts';

/** An org for a test, the account settings that fit it, and tools to reach it. */
export interface TestOrg {
  simulator: SalesforceSimulator & SalesforceSwitches;
  /** With client credentials, as they stand in a configuration file. */
  settings: { id: string; kind: string; loginUrl: string; clientId: string; clientSecret: string };
  /** The same org by JWT. */
  jwtSettings: { id: string; kind: string; loginUrl: string; clientId: string; username: string; privateKey: string };
  tools: Tools;
  /** Calls made since the start or `reset`, by method and path without the version. */
  calls(): Promise<string[]>;
  close(): Promise<void>;
}

export async function startTestOrg(): Promise<TestOrg> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const client = { clientId: 'consumer-key', clientSecret: 'consumer-secret' };
  const username = 'service@acme.example';
  const simulator = await startSalesforceSimulator({ ...client, publicKey, username });
  const http = makeHttp();
  const shared = { id: 'acme-salesforce', kind: 'salesforce', loginUrl: simulator.url, clientId: client.clientId };
  return {
    simulator,
    settings: { ...shared, clientSecret: client.clientSecret },
    jwtSettings: { ...shared, username, privateKey },
    tools: {
      http,
      clock: systemClock,
      log: silentLog,
      download: nothingToDownload,
      tokens: memoryTokens(),
      budgets: memoryBudgets(),
    },
    calls: async () => {
      // A request is noted when its connection is done with it, which may be after the answer arrived.
      await systemClock.sleep(20);
      return simulator.requests.map(({ method, path }) => `${method} ${path.replace(/^.*\/v\d+\.0/, '')}`);
    },
    close: async () => {
      http.close();
      await simulator.close();
    },
  };
}

const nothingToDownload: Tools['download'] = async () => ({ result: 'never', why: 'nothing is downloaded here' });
