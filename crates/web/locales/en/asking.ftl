asking-years = years
asking-yuan-month = yuan a month
asking-yuan-year = yuan a year
