waiting-title = Checks and appraisals
waiting-sources = Sources not heard from
waiting-do = To do
waiting-empty = No check or appraisal waits for you
waiting-empty-more = What comes is listed here.
