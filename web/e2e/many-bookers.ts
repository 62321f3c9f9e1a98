// Lets everybody book as much as they like: all tests are one address, and most of them one person.
import { request } from "@playwright/test";

const NO_CAP = { open: null, made_in_a_day: null };

export default async function liftBookingCaps(): Promise<void> {
  const baseURL = process.env["HOLDFAST_URL"] ?? "http://127.0.0.1:3999";
  const operator = await request.newContext({ baseURL });
  const answer = await operator.patch("/api/v1/organization", {
    headers: { authorization: `Bearer ${process.env["HOLDFAST_ADMIN_KEY"] ?? ""}` },
    data: { booking_caps: { per_email: NO_CAP, per_address: NO_CAP } },
  });
  if (!answer.ok()) throw new Error(`The caps stay: ${await answer.text()}`);
  await operator.dispose();
}
