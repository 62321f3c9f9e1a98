// Booking pages on somebody else's site: in the page, and in a dialog.
import { type HostSite, openHostSite } from "../host-site";
import { mostFreeDay } from "../studio";
import { bookedHeading, confirmButton, fillDetails, takeFirst } from "./scenes";
import { expect, type Fixtures, test } from "./story";
import type { Visitor } from "./visitor";

let site: HostSite | undefined;

test.afterEach(async () => {
  await site?.close();
  site = undefined;
});

/** Ada visits a site that embeds a booking page. */
async function oneVisits({ invite, request }: Fixtures, attributes = "") {
  const { eventType } = await mostFreeDay(request);
  const ada = await invite();
  const event = `default/${eventType.slug}`;
  const address = `${ada.server}/embed.js`;
  const body = `<script src="${address}" data-event="${event}" ${attributes}></script>`;
  site = await openHostSite(ada.server, body);
  // The name under which the server lets sites embed its pages.
  await ada.goTo(site.url("localhost"));
  return { ada, eventType, event, frame: ada.frame("Booking") };
}

/** The site was told this, in this order, and nothing else. */
function isTold(ada: Visitor, happenings: object[]): Promise<void> {
  return expect
    .poll(async () => {
      const lines = await ada.ask(
        "[...document.querySelectorAll('#told li')].map((li) => li.textContent)",
      );
      return (lines as string[]).map((line) => JSON.parse(line) as unknown);
    })
    .toMatchObject(happenings);
}

test("a page in another site's page holds and books, and the site is told", async ({
  invite,
  request,
}) => {
  const { ada, eventType, event, frame } = await oneVisits({ invite, request });
  await takeFirst(frame);
  await isTold(ada, [{ name: "held", event }]);
  await fillDetails(frame, eventType);
  await confirmButton(frame).click();
  await bookedHeading(frame).shows({ isFocused: true });
  await isTold(ada, [{ name: "held" }, { name: "booked", event }]);
});

test("a dialog takes the focus, gives it back, and lets the time go when it is closed", async ({
  invite,
  request,
}) => {
  const scene = await oneVisits({ invite, request }, 'data-mode="dialog"');
  const { ada, frame } = scene;
  const opener = ada.role("button", "Book a time");
  await opener.click();
  await ada.role("dialog", "Booking").shows();
  const time = await takeFirst(frame);
  await isTold(ada, [{ name: "held" }]);
  const bob = await invite();
  await bob.goTo(`/${scene.event}`);
  await bob.time(time).shows({ state: "held" });

  // The focus is inside the frame, so the frame hears Escape and passes it on.
  await ada.press("Escape");
  await ada.role("dialog").isGone();
  await opener.shows({ isFocused: true });
  await isTold(ada, [{ name: "held" }, { name: "closed" }]);
  await bob.time(time).shows({ state: "free" });

  await opener.click();
  await ada.role("button", "Close").click();
  await ada.role("dialog").isGone();
});
