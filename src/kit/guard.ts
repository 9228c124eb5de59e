import ipaddr from 'ipaddr.js';

/**
 * Whether an IP address belongs to a stranger's machine on the internet: not private, loopback, link-local, carrier-grade
 * NAT, multicast, reserved, nor an IPv6 form that carries such an IPv4 address (mapped, 6to4, NAT64).
 * Anything that is not an address is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || address.includes('%')) return false;
  const parsed = ipaddr.parse(address);
  return parsed instanceof ipaddr.IPv6 ? isPublicIpv6(parsed) : parsed.range() === 'unicast';
}

/** Ranges of IPv6 that are a way to reach an IPv4 address, and the byte where that address begins. */
const carriesIpv4: Readonly<Record<string, number>> = { ipv4Mapped: 12, rfc6145: 12, rfc6052: 12, '6to4': 2 };
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
const localNat64 = ipaddr.IPv6.parseCIDR('64:ff9b:1::/48');

function isPublicIpv6(address: ipaddr.IPv6): boolean {
  // In 64:ff9b:1::/48 each network chooses where the IPv4 address sits, so it cannot be read.
  if (address.match(localNat64)) return false;
  const range = address.range();
  const start = carriesIpv4[range];
  if (start !== undefined)
    return isPublicAddress(
      address
        .toByteArray()
        .slice(start, start + 4)
        .join('.'),
    );
  return range === 'unicast' && address.match(globalUnicast);
}

/**
 * Whether a setting exempts a URL's host from the guard. An entry is a host (`127.0.0.1`, `files.acme.example`, `[::1]`),
 * or one with a port (`127.0.0.1:8080`).
 */
export function isAllowedHost(url: URL, allowed: readonly string[]): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const names = [url.hostname, `${url.hostname}:${port}`];
  return allowed.some((entry) => names.includes(entry.trim().toLowerCase()));
}
