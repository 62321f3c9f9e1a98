// Whether an element is within what is seen of the page.
import { type RefObject, useEffect, useState } from "react";

export function useIsSeen(element: RefObject<Element | null>): boolean {
  const [isSeen, setSeen] = useState(true);

  // Synchronizes with the scroll of the page.
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver((entries) =>
      setSeen(entries.at(-1)?.isIntersecting ?? true),
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);

  return isSeen;
}
