parts-clock-none = No date
parts-clock-today = Due today
parts-clock-over = { $days ->
    [one] 1 day late
   *[other] { $days } days late
}
parts-clock-left = { $days ->
    [one] 1 day left
   *[other] { $days } days left
}
parts-crumbs = Where you are
parts-pages = Pages
parts-first-page = First page
parts-next-page = Next page
parts-stage-done = (done)
