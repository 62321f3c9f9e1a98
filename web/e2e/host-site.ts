// A site of somebody else, on another origin and under a strict policy of its own, which embeds the booking pages.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Notes what the site is told, and says it in the document, where tests find it. */
const LISTENER = `
  for (const name of ["held", "booked", "closed"]) {
    document.addEventListener("holdfast:" + name, (event) => {
      const line = document.createElement("li");
      line.textContent = JSON.stringify({ name, ...event.detail });
      document.getElementById("told").append(line);
    });
  }
`;

/** Says to the site, and to the frames in it, what only Holdfast and the site themselves may say. */
const FORGER = `
  parent.postMessage({ holdfast: "booked", start: "x", end: "x", uid: "forged", status: "confirmed" }, "*");
  parent.postMessage({ holdfast: "size", height: 3 }, "*");
  const frame = parent.document.querySelector(".holdfast").shadowRoot.querySelector("iframe");
  frame.contentWindow.postMessage({ holdfast: "look", theme: "dark" }, "*");
  document.title = "said";
`;

export interface HostSite {
  /** Its address under this name of the machine. */
  url: (name: "localhost" | "127.0.0.1") => string;
  close: () => Promise<void>;
}

/** Serves this body, whose scripts may come from the booking server. */
export async function openHostSite(booking: string, body: string): Promise<HostSite> {
  const policy = `default-src 'none'; img-src 'self'; script-src 'self' ${booking}; frame-src 'self' ${booking}`;
  const page = `<!doctype html><html lang="en"><title>A site</title><body><h1>A site</h1>
    <ol id="told"></ol><script src="/listener.js"></script>${body}</body></html>`;
  const files: Record<string, [kind: string, text: string]> = {
    "/": ["text/html", page],
    "/listener.js": ["text/javascript", LISTENER],
    "/forger.html": ["text/html", '<!doctype html><script src="/forger.js"></script>'],
    "/forger.js": ["text/javascript", FORGER],
  };
  const server = createServer((request, response) => {
    const file = files[request.url ?? "/"];
    response.statusCode = file ? 200 : 404;
    response.setHeader("content-security-policy", policy);
    response.setHeader("content-type", file ? `${file[0]}; charset=utf-8` : "text/plain");
    response.end(file?.[1]);
  });
  const port = await listening(server);
  return {
    url: (name) => `http://${name}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server): Promise<number> {
  // No address is named, so that it is there under every name of this machine.
  return new Promise((resolve) =>
    server.listen(0, () => resolve((server.address() as AddressInfo).port)),
  );
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
