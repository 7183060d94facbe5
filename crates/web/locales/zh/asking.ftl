asking-years = 周岁
asking-yuan-month = 元/月
asking-yuan-year = 元/年
