// Stands between a browser that tells its tests nothing of errors and the server: each document gets a first script that tells them.
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

const SCRIPT = "/test-recorder.js";
const ERRORS = "/test-errors";

/** Of the server's own origin, so that the content policy allows it and what it says. */
const RECORDER = `
  const record = (text) => navigator.sendBeacon("${ERRORS}", text);
  addEventListener("error", ({ message, error }) => record(String(error ?? message)));
  addEventListener("unhandledrejection", ({ reason }) => record("not awaited: " + String(reason)));
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    record("content policy: " + violatedDirective + " " + blockedURI));
  const { error } = console;
  console.error = (...words) => {
    record("logged: " + words.map(String).join(" "));
    error.apply(console, words);
  };
`;

export interface ErrorProxy {
  url: string;
  errors: string[];
  close: () => Promise<void>;
}

export async function openErrorProxy(server: string): Promise<ErrorProxy> {
  const errors: string[] = [];
  const proxy = createServer((asked, response) => {
    if (asked.url === SCRIPT) {
      response.setHeader("content-type", "text/javascript").end(RECORDER);
    } else if (asked.url === ERRORS) {
      void text(asked).then((error) => {
        errors.push(error);
        response.writeHead(204).end();
      });
    } else {
      forward(asked, response, server, (error) => errors.push(error));
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    errors,
    close: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        proxy.closeAllConnections();
      }),
  };
}

function forward(
  asked: IncomingMessage,
  response: ServerResponse,
  server: string,
  record: (error: string) => void,
): void {
  const isDocument = asked.headers.accept?.includes("text/html") ?? false;
  const headers = { ...asked.headers };
  // A document is written in, so it must come as it is.
  if (isDocument) headers["accept-encoding"] = "identity";
  const refuse = (error: unknown) => {
    if (!response.destroyed) record(String(error));
    response.destroy();
  };
  const { method } = asked;
  const onward = request(new URL(asked.url ?? "/", server), { method, headers }, (answer) => {
    const isHtml = answer.headers["content-type"]?.startsWith("text/html") ?? false;
    if (isDocument && isHtml) injectScript(answer, response).catch(refuse);
    else answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers));
  });
  // Whichever side goes, the other learns it would without anything between them.
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  asked.pipe(onward);
}

async function injectScript(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  const document = await text(answer);
  const injected = document.replace("<head>", `<head><script src="${SCRIPT}"></script>`);
  if (injected === document) throw new Error("A document without a head cannot be written into.");
  const { headers } = answer;
  delete headers["content-length"];
  delete headers["transfer-encoding"];
  response.writeHead(answer.statusCode ?? 502, headers).end(injected);
}
