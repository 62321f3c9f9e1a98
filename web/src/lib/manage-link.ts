// The address of the page on which a booking is looked after.

/** Under the address that the visitor already uses; the token stays out of server logs. */
export function manageLink(uid: string, token: string): string {
  return `/bookings/${uid}#token=${token}`;
}
