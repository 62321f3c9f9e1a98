// Stands between a browser that tells its tests nothing of errors and the server: each document gets a first script that tells them.
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

const SCRIPT = "/test-listener.js";
const COMPLAINTS = "/test-complaints";

/** Of the server's own origin, so that the content policy allows it and what it says. */
const LISTENER = `
  const complain = (text) => navigator.sendBeacon("${COMPLAINTS}", text);
  addEventListener("error", ({ message, error }) => complain(String(error ?? message)));
  addEventListener("unhandledrejection", ({ reason }) => complain("not awaited: " + String(reason)));
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    complain("content policy: " + violatedDirective + " " + blockedURI));
  const { error } = console;
  console.error = (...words) => {
    complain("logged: " + words.map(String).join(" "));
    error.apply(console, words);
  };
`;

export interface ListeningProxy {
  url: string;
  complaints: string[];
  close: () => Promise<void>;
}

export async function openListeningProxy(server: string): Promise<ListeningProxy> {
  const complaints: string[] = [];
  const proxy = createServer((asked, response) => {
    if (asked.url === SCRIPT) {
      response.setHeader("content-type", "text/javascript").end(LISTENER);
    } else if (asked.url === COMPLAINTS) {
      void text(asked).then((complaint) => {
        complaints.push(complaint);
        response.writeHead(204).end();
      });
    } else {
      passOn(asked, response, server, (complaint) => complaints.push(complaint));
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    complaints,
    close: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        proxy.closeAllConnections();
      }),
  };
}

function passOn(
  asked: IncomingMessage,
  response: ServerResponse,
  server: string,
  complain: (complaint: string) => void,
): void {
  const isDocument = asked.headers.accept?.includes("text/html") ?? false;
  const headers = { ...asked.headers };
  // A document is written in, so it must come as it is.
  if (isDocument) headers["accept-encoding"] = "identity";
  const refuse = (error: unknown) => {
    if (!response.destroyed) complain(String(error));
    response.destroy();
  };
  const { method } = asked;
  const onward = request(new URL(asked.url ?? "/", server), { method, headers }, (answer) => {
    const isHtml = answer.headers["content-type"]?.startsWith("text/html") ?? false;
    if (isDocument && isHtml) writeIn(answer, response).catch(refuse);
    else answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers));
  });
  // Whichever side goes, the other learns it as it would without anything between them.
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  asked.pipe(onward);
}

async function writeIn(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  const document = await text(answer);
  const heard = document.replace("<head>", `<head><script src="${SCRIPT}"></script>`);
  if (heard === document) throw new Error("A document without a head cannot be listened to.");
  const { headers } = answer;
  delete headers["content-length"];
  delete headers["transfer-encoding"];
  response.writeHead(answer.statusCode ?? 502, headers).end(heard);
}
