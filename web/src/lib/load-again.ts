// Loads the page again, without what the address asked for: that may be what it broke on.

export function loadAgain(): void {
  const { pathname, search, hash } = location;
  if (search) location.replace(pathname + hash);
  else location.reload();
}
