/** Whether secrets may travel to this URL: over https, or over http where they do not leave the machine. */
export function isSecure(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** The loopback addresses, and the names that RFC 6761 §6.3 reserves for them. The URL parser has normalised the spelling. */
function isLoopback(hostname: string): boolean {
  return hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname) || /^(.+\.)?localhost$/.test(hostname);
}
