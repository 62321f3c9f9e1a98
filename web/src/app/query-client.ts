// The cache of the server's state, which comes back by itself when the server does.
import { QueryClient } from "@tanstack/react-query";
import { retryAfterMs, Unreachable } from "@/api/refusal";

const RETRY_MS = 3000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: false,
      staleTime: 30_000,
      // Being offline is told apart from nothing else: the page says so and keeps trying.
      networkMode: "always",
      refetchInterval: ({ state: { error } }) =>
        error instanceof Unreachable && Math.max(RETRY_MS, retryAfterMs(error)),
    },
    mutations: { networkMode: "always" },
  },
});
