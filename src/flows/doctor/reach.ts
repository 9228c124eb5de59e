import { randomBytes } from 'node:crypto';
import type { Finding } from '../../domain/finding.ts';
import { hmacSha256, sameInConstantTime } from '../../kit/crypto.ts';
import type { Http } from '../../kit/http.ts';
import type { Check } from './run-checks.ts';

/**
 * What the service answers at `/webhooks/probe/{nonce}`: signed with a digest of its configuration, which only one that has the
 * same secrets can make.
 */
export const probeAnswer = (digest: string, nonce: string): string => hmacSha256(digest, nonce).toString('hex');

export const probePath = '/webhooks/probe';

interface Reach {
  publicUrl: string | undefined;
  digest: string;
  http: Http;
}

/** Asks this service by its public address, through every proxy on the way, and sees that it is this one that answers. */
export const reachCheck = ({ publicUrl, digest, http }: Reach): Check => ({
  account: 'service',
  kind: 'http',
  name: 'the public address',
  matters: 'Platforms deliver what customers and agents write to this address.',
  look: async () => {
    if (publicUrl === undefined) return [unknownAddress];
    return [addressFinding(publicUrl), await roundTrip(publicUrl, digest, http)];
  },
});

const unknownAddress: Finding = {
  ok: true,
  warning: true,
  what: 'public address',
  why: 'server.publicUrl is not set, so it cannot be tried, and `provision` cannot tell platforms where to deliver',
  fix: 'Set server.publicUrl to the https address under which the internet reaches this service.',
};

const local = /^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[?::1)/;

function addressFinding(publicUrl: string): Finding {
  const what = 'public address';
  const { protocol, hostname } = new URL(publicUrl);
  const fix =
    'Set server.publicUrl to an https address that the internet reaches; a proxy in front of the service adds HTTPS.';
  if (local.test(hostname))
    return { ok: true, warning: true, what, why: `${hostname} is not reached from the internet`, fix };
  if (protocol !== 'https:') return { ok: false, what, why: 'platforms deliver to https only', fix };
  return { ok: true, what };
}

async function roundTrip(publicUrl: string, digest: string, http: Http): Promise<Finding> {
  const what = 'the service answers by its public address';
  const nonce = randomBytes(16).toString('hex');
  const answer = await http.request({ method: 'GET', url: `${publicUrl}${probePath}/${nonce}`, timeoutMs: 10_000 });
  if (!answer.answered)
    return {
      ok: false,
      what,
      why: answer.why,
      fix: 'Is the service running, the proxy in front of it, and the DNS entry right?',
    };
  const fix = 'See what the proxy in front of the service does with /webhooks: it must pass it on as it is.';
  if (answer.status !== 200) return { ok: false, what, why: `something answered ${answer.status}`, fix };
  const told = (answer.json() as { probe?: unknown } | undefined)?.probe;
  if (typeof told !== 'string') return { ok: false, what, why: 'something else than this service answers there', fix };
  if (sameInConstantTime(told, probeAnswer(digest, nonce))) return { ok: true, what };
  return {
    ok: false,
    what,
    why: 'a Passerelle answers there, but with another configuration than this one',
    fix: 'Start the service again if the configuration was changed; or look which service the address leads to.',
  };
}
