// Ends what is going on once.
import { useEffect, useRef } from "react";

/** Ends what is going on no more than once, whoever asks for it and how late: each end goes one step back. */
export function useOnceWhile(isGoingOn: boolean, end: () => void): () => void {
  const mayEnd = useRef(false);

  // Synchronizes with the browser's history, which says when it has begun.
  useEffect(() => {
    mayEnd.current = isGoingOn;
  }, [isGoingOn]);

  return () => {
    if (!mayEnd.current) return;
    mayEnd.current = false;
    end();
  };
}
