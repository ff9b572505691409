/** Whether secrets and tokens may travel to this URL: over https, or over http to this machine or where that is allowed. */
export function isSecure({ protocol, hostname }: URL, allowInsecureRequests: boolean): boolean {
  return protocol === 'https:' || (protocol === 'http:' && (allowInsecureRequests || isLoopback(hostname)));
}

/** The loopback addresses, and the names that RFC 6761 §6.3 reserves for them. The URL parser has normalised the spelling. */
function isLoopback(hostname: string): boolean {
  return hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname) || /^(.+\.)?localhost$/.test(hostname);
}
