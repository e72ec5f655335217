// Addresses of a board's links, for those who are elsewhere than this machine.

/** The same link at another origin. */
export function atOrigin(address: string, origin: string): string {
  const { pathname, hash } = new URL(address, origin);
  return origin + pathname + hash;
}

/** As it is said: "jana.kunta.fi", "192.168.1.20:8080". */
export function hostOf(address: string): string {
  return new URL(address).host;
}
