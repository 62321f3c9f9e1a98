// A whole page that says one thing and offers one way on: away, not found, broken, empty.
import type { ReactNode } from "react";

export function MessagePage({
  title,
  text,
  children,
}: {
  title: string;
  text: string;
  children?: ReactNode;
}) {
  return (
    <div className="mx-auto flex min-h-[26rem] max-w-md flex-col justify-center gap-4 px-6 py-16">
      <h1 className="font-serif text-title">{title}</h1>
      <p className="text-soft">{text}</p>
      {children && <div className="pt-2">{children}</div>}
    </div>
  );
}
