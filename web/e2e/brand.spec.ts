// An organization's own name, logo and colour, on pages that stay readable whatever it chooses.
import type { APIRequestContext } from "@playwright/test";
import { violationsOn } from "./accessibility";
import { freeTimes, mostFreeDay, takeFirst } from "./studio";
import { expect, test } from "./visitors";

const KEY = process.env["HOLDFAST_ADMIN_KEY"] ?? "";
/** One pixel. */
const LOGO =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
const PLAIN = { name: "Harbour Studio", accent: null, logo: null };

async function brand(request: APIRequestContext, fields: object): Promise<void> {
  const answer = await request.patch("/api/v1/organization", {
    headers: { authorization: `Bearer ${KEY}` },
    data: fields,
  });
  expect(answer.status(), await answer.text()).toBe(200);
}

test.afterEach(({ request }) => brand(request, PLAIN));

test("an organization shows its own name, logo and colour", async ({ invite, request }) => {
  const { path } = await mostFreeDay(request);
  await brand(request, { name: "Atelier Nord", accent: "#2f5f8f", logo: LOGO });
  const ada = await invite({ colorScheme: "light" });
  for (const address of ["/", path]) {
    await ada.goto(address);
    await expect(ada.getByRole("banner").getByText("Atelier Nord")).toBeVisible();
    const logo = ada.getByRole("banner").locator("img");
    await expect.poll(() => logo.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1);
  }
  await freeTimes(ada).first().focus();
  await takeFirst(ada);
  const accent = await ada.evaluate(() => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.className = "bg-accent";
    return getComputedStyle(probe).backgroundColor;
  });
  expect(accent).toBe("rgb(47, 95, 143)");
});

for (const accent of ["#fff200", "#00081f"]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`what is written in ${accent} can be read in the ${colorScheme} theme`, async ({
      invite,
      request,
    }) => {
      await brand(request, { accent });
      const { path } = await mostFreeDay(request);
      const [ada, bob] = [await invite({ colorScheme }), await invite({ colorScheme })];
      await ada.goto(path);
      await takeFirst(ada);
      await bob.goto(path);
      await bob.locator('button[data-state="held"]').first().waitFor();
      await ada.getByRole("button", { name: "Other times" }).click();
      await ada.locator('button[data-state="mine"]').waitFor();
      for (const page of [ada, bob]) {
        const violations = await violationsOn(page);
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      }
    });
  }
}
