// The buttons of the page, as native buttons in four weights.
import type { ComponentProps } from "react";

export type Weight = "action" | "plain" | "quiet" | "loss";

const looks: Record<Weight, string> = {
  action: "bg-action text-on-action hover:bg-action-over font-semibold",
  plain: "border border-hairline bg-raised text-ink hover:border-edge font-medium",
  quiet: "text-soft hover:text-ink underline-offset-4 hover:underline",
  loss: "border border-loss bg-raised text-loss hover:bg-loss-wash font-semibold",
};

export function buttonLook(weight: Weight, isSmall = false): string {
  const large = isSmall ? "min-h-9 px-3 py-1 text-small whitespace-nowrap" : "min-h-11 px-4 py-2";
  const height = weight === "quiet" ? "min-h-8" : large;
  return `inline-flex items-center justify-center gap-2 rounded-control ${height} transition-colors duration-150 disabled:opacity-60 aria-disabled:opacity-60 ${looks[weight]}`;
}

export function Button({
  weight = "plain",
  small = false,
  className = "",
  ...props
}: ComponentProps<"button"> & { weight?: Weight; small?: boolean }) {
  return (
    <button type="button" {...props} className={`${buttonLook(weight, small)} ${className}`} />
  );
}
